/** The height of a row of the list before it is measured, in pixels. */
export const ROW_HEIGHT = 62
