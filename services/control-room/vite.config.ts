// Builds the page into dist/, which fanout serves: one script and one style sheet, charts when they are wanted,
// nothing inline (the page runs under a Content-Security-Policy without 'unsafe-inline') and nothing from elsewhere.
import { defineConfig } from 'vite'

export default defineConfig({
  root: import.meta.dirname,
  build: {
    target: 'es2023',
    // The map's library comes as one, when the map is opened.
    chunkSizeWarningLimit: 1_200,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
})
