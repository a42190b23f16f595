// What never meets in an event with lanes, on hand-made events: no graph, no operators.
#include "plan/pixel_lives.h"

#include <gtest/gtest.h>

#include <deque>

namespace thimble::plan {
namespace {

// An event of one row, and lanes that make pixels for it. Each runner has a value of which one
// pixel is kept (but the event's own), and a workspace.
class PixelEvent {
 public:
  PixelEvent() { own_ = add_runner(); }

  // `reads`: lanes. What is read stands before what reads it.
  int add_lane(std::vector<int> reads = {}) {
    const int runner = add_runner();
    for (const int lane : reads) read(runner, lane);
    event_.lanes.push_back({&tasks_[runner], 0, -1, false});
    lanes_.push_back(runner);
    return static_cast<int>(lanes_.size()) - 1;
  }
  int add_follower(int reader) {
    const int follower = add_lane();
    event_.lanes[follower].reader = reader;
    event_.lanes[follower].follows = true;
    return follower;
  }
  void set_reader(int lane, int reader) { event_.lanes[lane].reader = reader; }
  void read_by_own_row(int lane) { read(own_, lane); }

  int pixel(int lane) const { return objects_.of_block[lanes_[lane]]; }
  int workspace(int lane) const {
    return objects_.of_task.at(&tasks_[lanes_[lane]]).sink_workspace;
  }
  int own_workspace() const { return objects_.of_task.at(&tasks_[own_]).sink_workspace; }

  PixelLives lives() {
    event_.task = &tasks_[own_];
    return PixelLives(network_, objects_, event_);
  }

 private:
  int add_runner() {
    const int index = static_cast<int>(tasks_.size());
    Task &task = tasks_.emplace_back();
    task.output = index;
    Tensor tensor;
    tensor.value = index;
    network_.storage.tensors.push_back(tensor);
    network_.storage.layouts.push_back({index, 0, 1, 1});
    objects_.of_block.push_back(add_object());
    objects_.of_task[&task].sink_workspace = add_object();
    return index;
  }

  int add_object() {
    objects_.list.emplace_back();  // slots: 0, one pixel
    return static_cast<int>(objects_.list.size()) - 1;
  }

  void read(int runner, int lane) {
    Read read;
    read.tensor = lanes_[lane];
    tasks_[runner].reads.push_back(read);
  }

  std::deque<Task> tasks_;
  std::vector<int> lanes_;  // runners
  int own_ = 0;
  Network network_;
  Objects objects_;
  Event event_;
};

// 0 is made for 1, 1 for the event's own row.
PixelEvent chain() {
  PixelEvent event;
  event.add_lane();
  event.add_lane({0});
  event.set_reader(0, 1);
  event.read_by_own_row(1);
  return event;
}

TEST(PixelLives, APixelIsDeadWhenItsReaderIsDone) {
  PixelEvent event = chain();
  const PixelLives lives = event.lives();
  EXPECT_TRUE(lives.is_dead(event.pixel(0), event.own_workspace()));
  EXPECT_FALSE(lives.is_dead(event.pixel(0), event.workspace(1))) << "its reader's, while it reads";
  EXPECT_FALSE(lives.is_dead(event.pixel(1), event.own_workspace()));
}

TEST(PixelLives, APixelIsNotThereYetWhenWhatItNeedsIsMade) {
  PixelEvent event = chain();
  const PixelLives lives = event.lives();
  EXPECT_TRUE(lives.is_dead(event.pixel(1), event.workspace(0)));
  EXPECT_TRUE(lives.is_dead(event.pixel(1), event.pixel(0)));
}

TEST(PixelLives, AWorkspaceIsOfItsRunnerAlone) {
  PixelEvent event = chain();
  const PixelLives lives = event.lives();
  EXPECT_TRUE(lives.is_dead(event.workspace(0), event.workspace(1)));
  EXPECT_TRUE(lives.is_dead(event.workspace(1), event.pixel(0)));
  EXPECT_TRUE(lives.is_dead(event.own_workspace(), event.workspace(0)));
  EXPECT_FALSE(lives.is_dead(event.workspace(0), event.pixel(0))) << "one runner's";
}

TEST(PixelLives, PixelsOfOneReaderAreThereTogether) {
  PixelEvent event;
  event.add_lane();
  event.add_lane();
  event.read_by_own_row(0);
  event.read_by_own_row(1);
  const PixelLives lives = event.lives();
  EXPECT_FALSE(lives.is_dead(event.pixel(0), event.pixel(1)));
  EXPECT_FALSE(lives.is_dead(event.pixel(0), event.workspace(1)));
}

TEST(PixelLives, WhatFollowsARowIsMadeWhileItsPixelIsThere) {
  PixelEvent event;
  event.add_lane();       // 0, read by 1
  event.add_lane({0});    // 1
  event.add_follower(1);  // 2, behind the pixels of 1
  event.set_reader(0, 1);
  event.read_by_own_row(1);
  const PixelLives lives = event.lives();
  EXPECT_FALSE(lives.is_dead(event.pixel(1), event.pixel(2)));
  EXPECT_FALSE(lives.is_dead(event.pixel(1), event.workspace(2)));
}

TEST(PixelLives, APixelOfSeveralReadersKeepsClear) {
  PixelEvent event;
  event.add_lane();
  event.add_lane({0});
  event.set_reader(0, 1);
  event.read_by_own_row(0);
  event.read_by_own_row(1);
  EXPECT_FALSE(event.lives().is_dead(event.pixel(0), event.own_workspace()));
}

TEST(PixelLives, APixelMayGiveWayToTheOneThatIsMadeOfIt) {
  PixelEvent event = chain();
  const PixelLives lives = event.lives();
  const std::vector<const Read *> reads = lives.in_step(event.pixel(0), event.pixel(1));
  ASSERT_EQ(reads.size(), 1u);
  EXPECT_EQ(reads[0]->tensor, 1);
  EXPECT_TRUE(lives.in_step(event.pixel(1), event.pixel(0)).empty());
  EXPECT_TRUE(lives.in_step(event.workspace(0), event.pixel(1)).empty());
}

TEST(PixelLives, APixelThatBothOfAPairReadGivesWayAsBothAllow) {
  PixelEvent event;
  event.add_lane();
  event.add_lane({0, 0});  // by its producer, and by its sink
  event.set_reader(0, 1);
  event.read_by_own_row(1);
  EXPECT_EQ(event.lives().in_step(event.pixel(0), event.pixel(1)).size(), 2u);
}

TEST(PixelLives, WithoutLanesNothingIsKnown) {
  PixelEvent event;
  EXPECT_FALSE(event.lives().is_dead(event.own_workspace(), event.own_workspace()));
}

}  // namespace
}  // namespace thimble::plan
