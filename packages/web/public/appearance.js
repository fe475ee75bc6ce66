// Sets what one chose of the looks before anything is painted. A file of its own, as the content security policy wants.
try {
  const { theme, density, textSize } = JSON.parse(localStorage.getItem('confab.preferences') || '{}')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
  if (density === 'compact') document.documentElement.dataset.density = density
  if (textSize === 'small' || textSize === 'large') document.documentElement.dataset.text = textSize
} catch {
  // Storage that cannot be read means the defaults.
}
