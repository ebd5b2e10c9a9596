import { existsSync, readdirSync, readFileSync } from 'node:fs'

const packages = new URL('../../packages/', import.meta.url)

/** What users import, as the sources it is built from. */
const entryPoints = readdirSync(packages).flatMap((name) => {
  const manifest = new URL(`${name}/package.json`, packages)
  if (!existsSync(manifest)) return []
  const exported = JSON.stringify(JSON.parse(readFileSync(manifest, 'utf8')).exports ?? {})
  return [...exported.matchAll(/\.\/dist\/([\w/-]+)\.js/g)].map(([, path]) => `../../packages/${name}/src/${path}.ts`)
})

export default {
  name: 'mailbox-hooks',
  entryPoints,
  out: 'site',
  tsconfig: '../../tsconfig.json',
  readme: 'none',
  excludeInternal: true,
  excludePrivate: true,
  disableSources: true,
  hideGenerator: true,
  // The compiler of the repository has checked the types already.
  skipErrorChecking: true,
  treatWarningsAsErrors: true,
  validation: { notExported: false, invalidLink: true, notDocumented: false },
}
