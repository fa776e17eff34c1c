import "../styles/site.css";
import { signInByPasskey } from "../api/passkey";
import { enhanceSite } from "../enhance/site";

enhanceSite();
const button = document.querySelector<HTMLButtonElement>("[data-passkey]");
const fault = document.querySelector<HTMLElement>("[data-passkey-fault]");
if (button && "PublicKeyCredential" in window) {
  button.addEventListener("click", () => {
    button.disabled = true;
    if (fault) fault.hidden = true;
    signInByPasskey().then(
      () => location.assign(button.dataset["passkey"] ?? "/"),
      () => {
        button.disabled = false;
        if (fault) fault.hidden = false;
      },
    );
  });
} else {
  button?.closest("p")?.remove();
}
