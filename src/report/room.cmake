find_package(PNG REQUIRED)
target_link_libraries(thimble_report PRIVATE PNG::PNG)
thimble_embed(thimble_report thimble::report page_file ${CMAKE_CURRENT_SOURCE_DIR}/src/report/page/page.css)
