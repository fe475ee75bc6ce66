/** The little that the tests' page uses of what only browsers have. */

interface Document {
  getElementById(id: string): Element | null
}

declare const location: { readonly href: string }

declare class OffscreenCanvas {
  constructor(width: number, height: number)
  getContext(kind: '2d'): {
    fillRect(x: number, y: number, width: number, height: number): void
    putImageData(image: ImageData, x: number, y: number): void
  } | null
  convertToBlob(): Promise<Blob>
}

declare class ImageData {
  constructor(width: number, height: number)
  readonly data: Uint8ClampedArray
}
