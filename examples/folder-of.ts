import { pathToFileURL } from 'node:url'

/** A folder with copies of the examples, each outside of the repository; by default they are run where they are. */
const COPIES = process.env.EXAMPLES_FOLDER

const FOLDER = COPIES === undefined ? new URL('./', import.meta.url) : pathToFileURL(`${COPIES}/`)

export const isCopied = COPIES !== undefined

/** Returns the folder of an example, or of its copy. */
export const folderOf = (example: string): URL => new URL(`${example}/`, FOLDER)
