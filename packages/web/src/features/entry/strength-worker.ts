/** The thread that judges passwords while they are typed: an analysis may take a third of a second. */
import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common'

const zxcvbn = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs })

addEventListener('message', ({ data: { password, words } }: MessageEvent<{ password: string; words: string[] }>) => {
  postMessage({ password, guesses: zxcvbn.check(password, words).guesses })
})
