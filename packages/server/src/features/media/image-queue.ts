import fastq from 'fastq'
import { type ImageLimits, type ImageShape, type ProcessedImage, processImage } from './images.ts'

/** So many uploads are waiting that another one would wait too long. Nothing was stored; it may be tried again. */
export class ImageQueueFullError extends Error {
  constructor() {
    super('Too many images are being processed')
    this.name = 'ImageQueueFullError'
  }
}

/** Bounds what images take from the server at one time. */
export interface ImageQueue {
  /** Like `processImage`, when its turn has come. @throws ImageError, ImageQueueFullError */
  process(bytes: Buffer, shape: ImageShape): Promise<ProcessedImage>
}

/**
 * Decoders run in the process's thread pool of four, which passwords and files share; two at a time leave half of it to
 * them. The waiting uploads' bytes are held in memory, which `maxWaiting` bounds.
 */
export function createImageQueue(limits: ImageLimits, { concurrency = 2, maxWaiting = 32 } = {}): ImageQueue {
  const queue = fastq.promise(
    (job: { bytes: Buffer; shape: ImageShape }) => processImage(job.bytes, job.shape, limits),
    concurrency,
  )
  return {
    process: async (bytes, shape) => {
      if (queue.length() >= maxWaiting) throw new ImageQueueFullError()
      return queue.push({ bytes, shape })
    },
  }
}
