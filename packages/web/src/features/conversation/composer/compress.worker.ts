/** Compresses images beside the page, so that it goes on answering. */
import { compressImage } from './compress.ts'

addEventListener('message', async ({ data }: MessageEvent<{ id: number; file: Blob }>) => {
  try {
    postMessage({ id: data.id, compressed: await compressImage(data.file) })
  } catch {
    postMessage({ id: data.id, compressed: undefined })
  }
})
