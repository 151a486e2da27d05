# Completes zen in bash: source <(zen completion bash)
_zen() {
  local IFS=$'\n'
  COMPREPLY=($("${COMP_WORDS[0]}" --complete bash "$COMP_LINE" "$COMP_POINT" 2>/dev/null))
}
complete -o nospace -F _zen zen
