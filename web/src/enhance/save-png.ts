/** Saves a picture of our own as PNG, drawn by the browser: no server has to. */

/** Connects the button that names the picture. */
export function enhanceSaving(): void {
  const button = document.querySelector<HTMLButtonElement>("[data-save-png]");
  const address = button?.dataset["savePng"];
  if (button && address) button.addEventListener("click", () => void save(address));
}

async function save(address: string): Promise<void> {
  const picture = new Image();
  picture.src = address;
  await picture.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [picture.naturalWidth, picture.naturalHeight];
  canvas.getContext("2d")?.drawImage(picture, 0, 0);
  canvas.toBlob((blob) => {
    if (!blob) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = "fyren.png";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }, "image/png");
}
