/**
 * Returns what is wrong with a text that was never filled in: an unset variable, a template that nobody expanded, a
 * placeholder of some documentation. Undefined for any other text. The answer never quotes it.
 *
 * @example
 * unsetFault('${WEBHOOK_SECRET}') // 'is a template that was not expanded: …'
 */
export function unsetFault(text: string): string | undefined {
  // Documents show `whsec_your_secret`, and scripts make `sk_undefined`: the rest behind a prefix counts as well.
  const forms = [text, text.slice(text.indexOf('_') + 1)]
  return FAULTS.find(({ patterns }) => patterns.some((pattern) => forms.some((form) => pattern.test(form))))?.fault
}

interface Fault {
  readonly fault: string
  readonly patterns: readonly RegExp[]
}

const FAULTS: readonly Fault[] = [
  {
    fault: 'reads as a value that is not set (undefined, null, NaN, …): is its environment variable set?',
    patterns: [
      /^(?:undefined|null|nan|nil|true|false|unset|infinity)$/i,
      /^None$/,
      /[:=,.-](?:undefined|null|nan)$/i,
      /\[object \w+\]/i,
    ],
  },
  {
    fault: 'is a template that was not expanded: put the value of its variable there',
    patterns: [
      /[$#]\{[a-z_][^{}]{0,100}\}/i,
      /\{\{[^{}]{0,100}\}\}/,
      /^\$\(.*\)$/,
      /<%[^%]{0,100}%>/,
      /^\$[a-z_]\w*$/i,
      /^\$env:/i,
      /^%\w+%$/,
      /^\{\w+\}$/,
      /^__\w+__$/,
      /^(?:process|import\.meta)\.env\b/,
      // References that a secret manager was to replace.
      /^(?:op|vault|sm|secret|ssm|ref\+\w+):\/\//i,
      /^arn:aws:/,
      /^@Microsoft\.KeyVault\(/i,
      /^ENC\[/,
      /^projects\/.+\/secrets\//,
    ],
  },
  {
    fault: 'is a placeholder, not the secret: copy the secret from where the provider shows it',
    patterns: [
      /^(?:whsec|whpk|whsk|sk|pk)_$/,
      /^<.*>$/,
      /^\[.*\]$/,
      /\.{3}|…|•|\*{3}/,
      /^x{3,40}$/i,
      /^(?:change|replace|insert|paste|put|enter|fill)[-_]?(?:me|this|it|here|in|with|your|the)(?:[-_].*)?$/i,
      /^your[-_].*(?:secret|key|token|password)/i,
      /^your(?:webhook|api|signing)?(?:secret|key|token|password)(?:here)?$/i,
      /^(?:secret|key|token|password|value)[-_]?(?:goes[-_]?)?here$/i,
      /^(?:todo|fixme|tbd|placeholder|redacted|n\/a)$/i,
    ],
  },
]
