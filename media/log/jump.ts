import { bringNear } from "../kit/nearness.ts";

/** Scrolls to a part by ID, and focuses it. */
export function goToPart(id: string): void {
  const article = document.getElementById(id.slice(0, id.indexOf(".")));
  if (!article) return;
  bringNear(article);
  const part = [...article.querySelectorAll<HTMLElement>("[data-part]")].find(({ dataset }) => dataset["part"] === id);
  part?.focus({ preventScroll: true });
  part?.scrollIntoView({ block: "center" });
}
