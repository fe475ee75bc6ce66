import type { Upload } from '@confab/contract/fields'

/** A submitted form, urlencoded or multipart: every field with all its values, in order. */
export class Form {
  readonly fields: ReadonlyMap<string, readonly (string | Upload)[]>

  constructor(fields: ReadonlyMap<string, readonly (string | Upload)[]>) {
    this.fields = fields
  }

  /** Whether a file came with it. */
  get hasUpload(): boolean {
    for (const values of this.fields.values()) if (values.some((value) => typeof value !== 'string')) return true
    return false
  }
}
