target_compile_definitions(thimble_packages PRIVATE THIMBLE_VERSION="${PROJECT_VERSION}")
