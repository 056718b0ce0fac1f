/** Returns the model in an address, before its method: `…/models/{model}:generateContent`. */
export function modelIn(path: string): string | undefined {
  return /(?:^|\/)(?:models|tunedmodels|endpoints)\/([^/:%]+)(?::|%3a)/.exec(path)?.[1];
}

/** Returns a model's name without its collection: `models/{model}`, `publishers/google/models/{model}`. */
export function withoutCollection(name: string): string {
  return name.slice(name.lastIndexOf("models/") === -1 ? 0 : name.lastIndexOf("models/") + "models/".length);
}
