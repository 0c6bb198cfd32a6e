// Passkeys: asks the browser for one and sends its answer with the form around the button.
(function () {
  "use strict";
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-passkey]");
    if (!button) { return; }
    var error = button.closest("form").querySelector("[data-passkey-error]");
    if (error) { error.hidden = true; }
    ask(button).then(function (credential) {
      var field = document.getElementById(button.dataset.field);
      field.value = JSON.stringify(credential);
      field.form.submit();
    }).catch(function () { if (error) { error.hidden = false; } });
  });

  async function ask(button) {
    if (button.dataset.passkey === "login") {
      var answer = await fetch(button.dataset.url, { headers: { "Accept": "application/json", "X-Requested-With": "XMLHttpRequest" } });
      return await window.webauthnJSON.get((await answer.json()).request_options);
    }
    var options = JSON.parse(button.dataset.options);
    if (button.dataset.passkey === "get") { return await window.webauthnJSON.get(options); }
    var box = document.getElementById(button.dataset.passwordless);
    var alone = Boolean(box && box.checked);
    var wanted = options.publicKey.authenticatorSelection;
    wanted.residentKey = alone ? "required" : "discouraged";
    wanted.requireResidentKey = alone;
    if (alone) { wanted.userVerification = "required"; }
    return await window.webauthnJSON.create(options);
  }
}());
