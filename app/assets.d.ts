// What the build puts in place of names that TypeScript does not know.

/** The release's version, such as `0.1.0`. */
declare const PAWPOST_VERSION: string;
/** Ed25519 public key of whoever signs releases, in hex: in the service worker alone. */
declare const PAWPOST_RELEASE_KEY: string;

/** The address of a file that is served as it is. */
declare module '*?url' {
  const address: string;
  export default address;
}

/** The address of a script that is bundled for a worker. */
declare module '*?worker&url' {
  const address: string;
  export default address;
}
