/** The bytes of a `data:` URL, after the first few. */
const BYTES = /(data:[\w.+/-]{1,100};base64,[\w+/-]{40})([\w+/-]{160,}={0,2})/g;

/** Replaces the bytes of a text's `data:` URLs. `tell`: returns the replacement for a number of bytes. */
export const withoutBytes = (text: string, tell: (bytes: number) => string): string =>
  text.replace(BYTES, (_, head: string, rest: string) => {
    const bytes = Math.floor(((40 + rest.replace(/=*$/, "").length) * 3) / 4);
    return `${head}… (${tell(bytes)})`;
  });
