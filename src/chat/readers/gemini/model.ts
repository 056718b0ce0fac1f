/** The model that an address names, before its method: `…/models/{model}:generateContent`. */
export function modelIn(path: string): string | undefined {
  return /(?:^|\/)(?:models|tunedmodels|endpoints)\/([^/:%]+)(?::|%3a)/.exec(path)?.[1];
}

/** A model's name without the collection it is in: `models/{model}`, `publishers/google/models/{model}`. */
export function withoutCollection(name: string): string {
  return name.slice(name.lastIndexOf("models/") === -1 ? 0 : name.lastIndexOf("models/") + "models/".length);
}
