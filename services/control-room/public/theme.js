// Runs before the first paint, so that a light page never flashes dark. The rest is src/preferences.ts.
try {
  if (localStorage.getItem('ronda.theme') === 'light') document.documentElement.dataset.theme = 'light'
} catch {
  // Storage is switched off: the dark theme stays.
}
