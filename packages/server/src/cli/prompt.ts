import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { StartError } from '../lib/start-error.ts'

/** Asks a question on the terminal. @throws StartError when there is no terminal, or it ends without an answer */
export function ask(question: string): Promise<string> {
  return readAnswer(question, process.stderr)
}

/** The same for a secret: what is typed is not shown. */
export async function askSecret(question: string): Promise<string> {
  process.stderr.write(question)
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const answer = await readAnswer('', nowhere)
  process.stderr.write('\n')
  return answer
}

/** All of standard input, without the line end that `echo` adds. */
export async function readStdin(): Promise<string> {
  return (await text(process.stdin)).replace(/\r?\n$/, '')
}

async function readAnswer(question: string, output: NodeJS.WritableStream): Promise<string> {
  if (!process.stdin.isTTY)
    throw new StartError('There is no terminal to ask on: give the answers as options, see --help')
  const reader = createInterface({ input: process.stdin, output, terminal: true })
  const ended = new Promise<never>((_, reject) => {
    // Ctrl-C arrives here as the terminal is in raw mode, Ctrl-D as the end of the input.
    reader.once('SIGINT', () => reject(new StartError('Cancelled')))
    reader.once('close', () => reject(new StartError('Cancelled')))
  })
  try {
    return await Promise.race([reader.question(question), ended])
  } finally {
    ended.catch(() => {})
    reader.close()
  }
}
