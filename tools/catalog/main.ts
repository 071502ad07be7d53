#!/usr/bin/env node
/** The command `pharos-catalog`. Runs on import. */
import { resolve } from 'node:path'
import process from 'node:process'
import { pathToFileURL } from 'node:url'
import { runCommand } from './command.ts'

const load = async (file: string): Promise<Readonly<Record<string, unknown>>> => {
  try {
    return (await import(pathToFileURL(resolve(file)).href)) as Readonly<Record<string, unknown>>
  } catch (error) {
    const isUnknown = (error as { code?: unknown } | null)?.code === 'ERR_UNKNOWN_FILE_EXTENSION'
    throw isUnknown ? new Error('this Node cannot read it: take Node 22.18 or later, or compile it first') : error
  }
}

const { exitCode, output, errors } = await runCommand(process.argv.slice(2), load)
process.stdout.write(output)
process.stderr.write(errors)
process.exitCode = exitCode
