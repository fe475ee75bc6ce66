import { type Compressed, compressImage } from './compress.ts'

/** What the worker answers: the image, or nothing where it could not be read. */
type Answer = Readonly<{ id: number; compressed: Compressed | undefined }>

type Job = Readonly<{ file: Blob; resolve: (compressed: Compressed | undefined) => void }>

let worker: Worker | undefined
let lastId = 0
const waiting = new Map<number, Job>()

/** An image as it is best sent, made in a worker; undefined where it is none that the browser can read. */
export function compress(file: Blob): Promise<Compressed | undefined> {
  const current = worker ?? start()
  worker = current
  lastId += 1
  const id = lastId
  return new Promise((resolve) => {
    waiting.set(id, { file, resolve })
    current.postMessage({ id, file })
  })
}

function start(): Worker {
  const made = new Worker(new URL('./compress.worker.ts', import.meta.url), { type: 'module' })
  made.addEventListener('message', ({ data }: MessageEvent<Answer>) => {
    waiting.get(data.id)?.resolve(data.compressed)
    waiting.delete(data.id)
  })
  // Without a network the worker cannot be loaded the first time: the page does it.
  made.addEventListener('error', () => {
    worker = undefined
    for (const { file, resolve } of waiting.values()) compressImage(file).then(resolve, () => resolve(undefined))
    waiting.clear()
  })
  return made
}
