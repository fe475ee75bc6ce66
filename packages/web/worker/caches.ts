/** Where images that were seen are kept; the app empties it at a logout. */
export const IMAGES = 'confab.images'

/** So many of them; a picture of a conversation has some 100 KB. */
export const MAX_IMAGES = 300
