import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const api = process.env['API_ADDRESS'] ?? 'http://127.0.0.1:3000';

export default defineConfig({
  plugins: [react()],
  build: {
    // fonts and pictures as data: addresses would break the Content-Security-Policy
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
  },
  server: { host: '127.0.0.1', proxy: { '/v1': { target: api, changeOrigin: false } } },
});
