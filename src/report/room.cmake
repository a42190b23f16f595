find_package(PNG REQUIRED)
target_link_libraries(thimble_report PRIVATE PNG::PNG)
