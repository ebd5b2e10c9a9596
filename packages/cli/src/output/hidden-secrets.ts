/** Matches the names of environment variables that hold a secret. `PWD` and `OLDPWD` name folders. */
const SECRET_NAME = /SECRET|TOKEN|KEY|PASS|CREDENTIAL|^(?!(?:OLD)?PWD$).*PWD/i
/** Shorter values may be ordinary words. */
const SHORTEST = 8

/**
 * Returns what messages must not show: secrets in the environment, passwords in the URLs there, and what was given with
 * `--secret`.
 */
export function hiddenSecrets(argv: readonly string[], env: NodeJS.ProcessEnv): readonly string[] {
  const ofEnvironment = Object.entries(env).flatMap(([name, value = '']) =>
    SECRET_NAME.test(name) && value.length >= SHORTEST ? [value] : passwordsIn(value),
  )
  const given = argv.flatMap((word, index) => {
    if (word === '--secret') return [argv[index + 1] ?? '']
    return word.startsWith('--secret=') ? [word.slice('--secret='.length)] : []
  })
  return [...given, ...ofEnvironment]
}

function passwordsIn(value: string): string[] {
  const [, password] = /^[a-z][a-z0-9+.-]*:\/\/[^/@:]*:([^/@]+)@/i.exec(value) ?? []
  return password === undefined ? [] : [password]
}
