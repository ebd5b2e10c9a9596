import { mergeConfig } from 'vitest/config'
import base from '../../vitest.config.js'

const frameworks: Record<string, string> = JSON.parse(process.env.MATRIX_FRAMEWORKS ?? '{}')

/** The repository's own configuration, with the versions of one run of the matrix in place of the installed ones. */
export default mergeConfig(base, {
  resolve: {
    alias: Object.entries(frameworks).map(([name, folder]) => ({ find: new RegExp(`^${name}$`), replacement: folder })),
  },
})
