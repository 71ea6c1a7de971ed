/** Vite's settings for the SDK as one ES module for Node, with its dependencies in it. */
export default {
  build: {
    ssr: "src/index.ts",
    target: "es2023",
    minify: false,
    emptyOutDir: false,
    rolldownOptions: { output: { entryFileNames: "client.mjs", codeSplitting: false } },
  },
  ssr: { noExternal: true },
};
