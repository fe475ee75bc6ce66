import type { ErrorCode } from '@confab/contract/errors'
import type { Upload } from '@confab/contract/fields'
import { ChatError } from '../../chat-error.ts'
import type { Core } from '../../ctx.ts'
import type { ImageKind } from './files.ts'
import { ImageQueueFullError } from './image-queue.ts'
import { ImageError, type ImageProblem } from './images.ts'
import type { StoredImage } from './service.ts'

const codes: Record<ImageProblem, ErrorCode> = {
  not_an_image: 'image_invalid',
  empty_file: 'image_empty',
  too_large: 'image_too_large',
  too_many_pixels: 'image_too_many_pixels',
}

/**
 * Saves an uploaded image, before the transaction that gives it its place with `media.attach`.
 *
 * @param whose `field` is the name that errors are given under
 * @throws ChatError image_invalid, image_empty, image_too_large, image_too_many_pixels; unavailable where too many are being taken
 */
export async function saveUpload(
  core: Core,
  upload: Upload,
  whose: { kind: ImageKind; field: string; ownerId: number; roomId?: number },
): Promise<StoredImage> {
  const { field, ...owner } = whose
  try {
    return await core.services.media.save({ ...owner, bytes: Buffer.from(upload.bytes) })
  } catch (error) {
    if (error instanceof ImageError) {
      throw new ChatError(codes[error.problem], { field, megabytes: core.config.maxUploadMb }, { cause: error })
    }
    if (error instanceof ImageQueueFullError) throw new ChatError('unavailable', {}, { cause: error, retryAfter: 5 })
    throw error
  }
}
