/** What the crop of a picture is given. */
export type PictureCropProps = {
  /** What was picked; the dialog is open while there is something. */
  source: Blob | undefined
  onClose: () => void
  /** Takes the square, at most 1024 pixels wide. The dialog shows that it is busy until then, and why where it fails. */
  onCropped: (picture: Blob) => Promise<unknown>
}
