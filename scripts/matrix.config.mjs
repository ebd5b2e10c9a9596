// The repository's own test configuration, with the versions of one run of the matrix in place of the installed ones.
import { mergeConfig } from 'vitest/config'
import base from '../vitest.config.ts'

const frameworks = JSON.parse(process.env.MATRIX_FRAMEWORKS)

export default mergeConfig(base, {
  resolve: {
    alias: Object.entries(frameworks).map(([name, folder]) => ({ find: new RegExp(`^${name}$`), replacement: folder })),
  },
})
