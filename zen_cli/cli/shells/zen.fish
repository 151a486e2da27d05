# Completes zen in fish: zen completion fish | source
function __zen_complete
    set -l words (commandline -opc) (commandline -ct)
    $words[1] --complete fish $words[2..-1] 2>/dev/null
end
complete -c zen -f -a '(__zen_complete)'
