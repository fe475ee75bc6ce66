import { preferences } from './preferences.ts'

/** Keeps `<html>` as theme and density are chosen, here or in another tab. Called once. */
export function followAppearance(): void {
  const apply = () => {
    const { theme, density } = preferences.get()
    const { dataset } = document.documentElement
    if (theme === 'system') delete dataset.theme
    else dataset.theme = theme
    if (density === 'compact') dataset.density = density
    else delete dataset.density
  }
  apply()
  preferences.subscribe(apply)
}
