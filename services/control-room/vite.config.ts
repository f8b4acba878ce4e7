// Builds the page into dist/, which fanout serves: one script, one style sheet, nothing inline (the page runs
// under a Content-Security-Policy without 'unsafe-inline') and nothing from elsewhere.
import { defineConfig } from 'vite'

export default defineConfig({
  root: import.meta.dirname,
  build: {
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
})
