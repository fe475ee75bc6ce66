import { preferences } from './preferences.ts'

/** Keeps `<html>` as theme, density and text size are chosen, here or in another tab. Called once. */
export function followAppearance(): void {
  const apply = () => {
    const { theme, density, textSize } = preferences.get()
    const { dataset } = document.documentElement
    if (theme === 'system') delete dataset.theme
    else dataset.theme = theme
    if (density === 'compact') dataset.density = density
    else delete dataset.density
    if (textSize === 'medium') delete dataset.text
    else dataset.text = textSize
  }
  apply()
  preferences.subscribe(apply)
}
