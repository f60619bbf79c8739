import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react()],
  build: {
    // the Content-Security-Policy forbids fonts and images in `data:` URLs
    assetsInlineLimit: 0,
    // which file holds which page; nobody serves a folder whose name begins with a dot
    manifest: true,
    modulePreload: { polyfill: false },
    target: 'es2022',
  },
});
