// Writes the file that the server sends; nothing of it is shown.
watch("value", () => {
  if (!props.value?.text) return;
  const { name, type, text } = props.value;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  props.value = null; // so that the same file can be saved again
});
