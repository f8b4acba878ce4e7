// Builds the page into dist/, which fanout serves: one script and one style sheet, charts when they are wanted,
// nothing inline (the page runs under a Content-Security-Policy without 'unsafe-inline') and nothing from elsewhere.
// Beside each file lies what is sent of it: compressed here, once, and not for every browser again.
import { constants } from 'node:zlib'
import { defineConfig } from 'vite'
import { compression, defineAlgorithm } from 'vite-plugin-compression2'

/** The two above it take off another twelfth, and are waited for by whoever starts Ronda: 6 s for the map alone. */
const brotliQuality = 9

export default defineConfig({
  root: import.meta.dirname,
  plugins: [
    compression({
      include: /\.(html|m?js|css|svg)$/,
      algorithms: [
        'gzip',
        defineAlgorithm('brotliCompress', { params: { [constants.BROTLI_PARAM_QUALITY]: brotliQuality } }),
      ],
      threshold: 512,
      skipIfLargerOrEqual: true,
      logLevel: 'silent',
    }),
  ],
  build: {
    target: 'es2023',
    // The map's library comes as one, when the map is opened.
    chunkSizeWarningLimit: 1_200,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // It would tell that compressing takes time.
    rolldownOptions: { checks: { pluginTimings: false } },
  },
})
