import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { folderOf, isCopied } from '../../folder-of.ts'

it('the demo plays all three providers, and every answer is as expected', () => {
  const { status, stdout } = spawnSync('npm', ['run', isCopied ? 'start' : 'sources', '--silent'], {
    cwd: folderOf('demo'),
    encoding: 'utf8',
  })
  expect(stdout).toMatch(/All \d+ as expected/)
  expect(stdout.match(/^✓/gm)?.length).toBeGreaterThan(20)
  expect(stdout).toMatch(/inbox\.reactivated {2}failed {2}500 {2}TypeError: cannot read the bug/)
  expect(stdout).toContain('{ handled: 2, failed: 0, skipped: 0 }')
  expect(stdout).not.toContain('✗')
  expect(status).toBe(0)
})
