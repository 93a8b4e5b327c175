// The one-time code of a link stands behind "#", which no server and no log sees: put it into its field.
(() => {
  "use strict";
  const field = document.getElementById("one-time");
  const code = decodeURIComponent(location.hash.slice(1));
  if (!field || !code) return;
  field.value = code;
  history.replaceState(null, "", location.pathname);
  document.getElementById("new-password").focus();
})();
