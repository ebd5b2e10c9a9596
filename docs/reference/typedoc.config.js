import { existsSync, readdirSync, readFileSync } from 'node:fs'

const packages = new URL('../../packages/', import.meta.url)

/** Lists the modules that users import, each with the source that it is built from. */
const modules = readdirSync(packages).flatMap((folder) => {
  const manifest = new URL(`${folder}/package.json`, packages)
  if (!existsSync(manifest)) return []
  const { name, exports = {} } = JSON.parse(readFileSync(manifest, 'utf8'))
  return Object.entries(exports).flatMap(([subpath, target]) =>
    [...JSON.stringify(target).matchAll(/\.\/dist\/([\w/-]+)\.js/g)].map(([, path]) => ({
      specifier: name + subpath.slice(1),
      source: `${folder}/src/${path}`,
    })),
  )
})

/** Names each module as it is imported, instead of by its source. */
const specifiers = new Map(modules.map(({ specifier, source }) => [source.replace(/\/index$/, ''), specifier]))
const nameModules = (app) =>
  app.converter.on('resolveBegin', ({ project }) => {
    for (const module of project.children ?? []) module.name = specifiers.get(module.name) ?? module.name
  })

const entryPoints = modules.map(({ source }) => `../../packages/${source}.ts`)

export default {
  name: 'mailbox-hooks',
  entryPoints,
  plugin: [nameModules],
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
