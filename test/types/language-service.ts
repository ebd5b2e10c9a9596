import { dirname } from 'node:path'
import type ts from 'typescript-5.9'

export type TypeScript = typeof ts

/** Opens a project in the language service that editors use with TypeScript 5. */
export function openProject(ts: TypeScript, config: string): ts.LanguageService {
  const { config: json } = ts.readConfigFile(config, ts.sys.readFile)
  const { fileNames, options } = ts.parseJsonConfigFileContent(json, ts.sys, dirname(config))
  return ts.createLanguageService({
    fileExists: ts.sys.fileExists,
    readFile: ts.sys.readFile,
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
    getCompilationSettings: () => options,
    getCurrentDirectory: () => dirname(config),
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    getScriptFileNames: () => fileNames,
    getScriptVersion: () => '1',
    getScriptSnapshot: (path) => snapshotOf(ts, path),
    ...(ts.sys.realpath && { realpath: ts.sys.realpath }),
  })
}

function snapshotOf(ts: TypeScript, path: string) {
  const text = ts.sys.readFile(path)
  return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text)
}
