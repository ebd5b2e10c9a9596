import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { documents, REPOSITORY, readDocument } from './code-blocks.js'

/** The address of a heading, as code hosts make it. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-')

/** Code hosts show such a picture in one colour scheme only. */
const isColourScheme = (link: string) => /\.svg#gh-(?:light|dark)-mode-only$/.test(link)

const anchorsIn = (document: string) =>
  [...readDocument(document).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchorOf(heading!))

describe.each(documents())('the links of %s', (document) => {
  const links = [...readDocument(document).matchAll(/\]\((?!https?:|mailto:)([^)\s]*)\)/g)].map(([, link]) => link!)

  it('lead to files and headings that are there', () => {
    expect(links.filter((link) => !leadsSomewhere(link))).toEqual([])
  })

  function leadsSomewhere(link: string): boolean {
    const [path = '', anchor] = link.split('#')
    const target = path === '' ? document : join(dirname(document), path)
    if (!existsSync(join(REPOSITORY, target))) return false
    return anchor === undefined || isColourScheme(link) || anchorsIn(target).includes(anchor)
  }

  if (document.startsWith('packages/')) {
    it('lead to no other file: a registry that shows the document has none', () => {
      expect(links.filter((link) => !link.startsWith('#'))).toEqual([])
    })
  }
})
