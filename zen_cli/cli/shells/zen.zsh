#compdef zen
# Completes zen in zsh: source <(zen completion zsh), after compinit
_zen() {
  local line word
  local -a open closed open_about closed_about
  for line in "${(@f)$("${words[1]}" --complete zsh "${(@Q)words[2,CURRENT]}" 2>/dev/null)}"; do
    word="${line%%$'\t'*}"
    case "$word" in
      '') ;;
      *[/=.,\[]) open+=("$word"); open_about+=("${line/$'\t'/  }") ;;
      *) closed+=("$word"); closed_about+=("${line/$'\t'/  }") ;;
    esac
  done
  compadd -l -S '' -d open_about -a open
  compadd -l -d closed_about -a closed
}
if [ "$funcstack[1]" = "_zen" ]; then
  _zen
else
  compdef _zen zen
fi
