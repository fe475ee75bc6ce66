/** What the worker answers: the image, or nothing where it could not be read. */
type Answer = Readonly<{ id: number; image: Blob | undefined }>

let worker: Worker | undefined
let lastId = 0
const waiting = new Map<number, (image: Blob | undefined) => void>()

/** An image as it is best sent, made in a worker; undefined where it is none that the browser can read. */
export function compress(file: Blob): Promise<Blob | undefined> {
  worker ??= start()
  lastId += 1
  const id = lastId
  const answer = new Promise<Blob | undefined>((resolve) => waiting.set(id, resolve))
  worker.postMessage({ id, file })
  return answer
}

function start(): Worker {
  const made = new Worker(new URL('./compress.worker.ts', import.meta.url), { type: 'module' })
  made.addEventListener('message', ({ data }: MessageEvent<Answer>) => {
    waiting.get(data.id)?.(data.image)
    waiting.delete(data.id)
  })
  // A worker that cannot be loaded answers nothing: nobody is to wait for it.
  made.addEventListener('error', () => {
    worker = undefined
    for (const resolve of waiting.values()) resolve(undefined)
    waiting.clear()
  })
  return made
}
