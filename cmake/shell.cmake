# The man page and the completions, printed by the program that is installed.
include(GNUInstallDirs)

# thimble_install_printed(PATH WORD...): what `thimble WORD...` prints, as PATH below the prefix.
function(thimble_install_printed PATH)
  string(JOIN " " words ${ARGN})
  install(CODE "
    set(place \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${PATH}\")
    get_filename_component(folder \"\${place}\" DIRECTORY)
    file(MAKE_DIRECTORY \"\${folder}\")
    message(STATUS \"Installing: \${place}\")
    execute_process(COMMAND \"$<TARGET_FILE:thimble>\" ${words} OUTPUT_FILE \"\${place}\" COMMAND_ERROR_IS_FATAL ANY)")
endfunction()

thimble_install_printed(${CMAKE_INSTALL_MANDIR}/man1/thimble.1 manual)
thimble_install_printed(${CMAKE_INSTALL_DATADIR}/bash-completion/completions/thimble completion bash)
thimble_install_printed(${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions/_thimble completion zsh)
thimble_install_printed(${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d/thimble.fish completion fish)
