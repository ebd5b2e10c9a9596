import { pathToFileURL } from 'node:url'
import type { Journal } from '@mailbox-hooks/core'
import { EXIT, Failure } from '../failure.js'

const METHODS = ['find', 'open', 'replay', 'stats', 'erase', 'ticket'] as const

/** Imports the journal that a module exports as its default. */
export async function loadJournal(path: string | undefined): Promise<Journal> {
  if (path === undefined)
    throw new Failure('Pass --journal <file>, a module whose default export is the journal.', EXIT.usage)
  const exported: unknown = (await importModule(path)).default
  if (isJournal(exported)) return exported
  throw new Failure(
    `The default export of ${path} is not a journal, e.g. sqliteJournal(database, options).`,
    EXIT.usage,
  )
}

async function importModule(path: string): Promise<{ readonly default?: unknown }> {
  try {
    return await import(pathToFileURL(path).href)
  } catch (cause) {
    throw new Failure(`Cannot load ${path}: ${cause instanceof Error ? cause.message : String(cause)}`, EXIT.usage)
  }
}

const isJournal = (value: unknown): value is Journal =>
  METHODS.every((name) => typeof (value as Partial<Journal> | null | undefined)?.[name] === 'function')
