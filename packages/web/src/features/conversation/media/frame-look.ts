/** The place of an image among messages: as wide as there is room, 4 to 3, whatever the image is like. */
export const frameLook =
  'relative isolate block aspect-4/3 w-80 max-w-full overflow-hidden rounded-md bg-sunken outline-offset-2'
