/** The bytes of a `data:` address, after their beginning. */
const BYTES = /(data:[\w.+/-]{1,100};base64,[\w+/-]{40})([\w+/-]{160,}={0,2})/g;

/** A text with the bytes of its `data:` addresses in the words that `tell` has for so many of them. */
export const withoutBytes = (text: string, tell: (bytes: number) => string): string =>
  text.replace(BYTES, (_, head: string, rest: string) => {
    const bytes = Math.floor(((40 + rest.replace(/=*$/, "").length) * 3) / 4);
    return `${head}… (${tell(bytes)})`;
  });
